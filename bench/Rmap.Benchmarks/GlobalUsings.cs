global using Rmap.Model;
global using Rmap.Model.Operations;
global using Rmap.Model.Rmap;
global using Rmap.Model.Text;
global using Rmap.Model.Types;
global using Rmap.Model.Values;
